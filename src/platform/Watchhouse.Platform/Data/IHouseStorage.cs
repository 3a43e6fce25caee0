using Microsoft.EntityFrameworkCore;

namespace Watchhouse.Platform.Data;

/// <summary>A database engine that the house runs on. SQLite and PostgreSQL implement it.</summary>
public interface IHouseStorage
{
    /// <summary>The engine's name for people: 'SQLite', 'PostgreSQL'.</summary>
    string Name { get; }

    /// <summary>Points a context at the database, its migrations and the engine's own guards.</summary>
    void Configure(DbContextOptionsBuilder options);

    /// <summary>
    /// Brings both schemas to this version and puts the engine's own guards in place. Throws
    /// <see cref="StorageUnusableException"/> when the database is damaged, newer than the program, or unsafe.
    /// </summary>
    Task PrepareAsync(HouseDb house, CredentialDb credentials, CancellationToken cancellationToken);
}

/// <summary>The database cannot be used; the message says what is wrong and what to do. Start-up stops on it.</summary>
public class StorageUnusableException(string message, Exception? inner = null) : Exception(message, inner);
