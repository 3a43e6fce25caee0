using Watchhouse.Platform.Tenancy;

namespace Watchhouse.Federation.Contracts;

/// <summary>A person who works for an organisation; kept when the person moves to another.</summary>
public readonly record struct PersonId(Guid Value) : IStrongId<PersonId>
{
    public static PersonId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A delegation from a force.</summary>
public readonly record struct DelegationId(Guid Value) : IStrongId<DelegationId>
{
    public static DelegationId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A person's sign-in session.</summary>
public readonly record struct SessionId(Guid Value) : IStrongId<SessionId>
{
    public static SessionId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A machine client of an organisation.</summary>
public readonly record struct ClientId(Guid Value) : IStrongId<ClientId>
{
    public static ClientId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}

/// <summary>A tenant that a force registered for sign-in.</summary>
public readonly record struct TenantRegistrationId(Guid Value) : IStrongId<TenantRegistrationId>
{
    public static TenantRegistrationId From(Guid value) => new(value);

    public override string ToString() => Value.ToString();
}
