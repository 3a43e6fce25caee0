using Microsoft.AspNetCore.Components;
using Watchhouse.Architecture.Tests.Rules;
using Watchhouse.Architecture.Tests.Samples;
using Watchhouse.Architecture.Tests.Samples.Contracts;

namespace Watchhouse.Architecture.Tests
{
    public sealed class TypeRulesTests
    {
        [Fact]
        public void PublicOutsideContracts_PublicClass_IsNamed() =>
            Assert.Contains(
                nameof(Leaked),
                Assert.Single(TypeRules.PublicOutsideContracts([typeof(Leaked)])),
                StringComparison.Ordinal);

        [Fact]
        public void PublicOutsideContracts_ContractModuleComponentAndInternal_None() =>
            Assert.Empty(TypeRules.PublicOutsideContracts(
                [typeof(Shared), typeof(SampleModule), typeof(Page), typeof(Open), typeof(string)]));

        [Fact]
        public void UnsealedInternals_OpenClass_IsNamed()
        {
            Assert.Contains(
                nameof(Open), Assert.Single(TypeRules.UnsealedInternals([typeof(Open)])), StringComparison.Ordinal);
            Assert.Single(TypeRules.UnsealedInternals([typeof(Shut.Inner)]));
        }

        [Fact]
        public void UnsealedInternals_SealedAbstractStaticAndPublic_None() =>
            Assert.Empty(TypeRules.UnsealedInternals(
                [typeof(Shut), typeof(Base), typeof(Tool), typeof(Leaked), typeof(IMark)]));
    }
}

namespace Watchhouse.Architecture.Tests.Samples
{
#pragma warning disable CA1052, CA1812, CA1852 // The samples break rules on purpose and are never made.
    public class Leaked;

    public sealed class SampleModule;

    public sealed class Page : ComponentBase;

    internal class Open;

    internal abstract class Base;

    internal static class Tool;

    internal interface IMark;

    internal sealed class Shut
    {
        internal class Inner;
    }
#pragma warning restore CA1052, CA1812, CA1852
}

namespace Watchhouse.Architecture.Tests.Samples.Contracts
{
    public sealed class Shared;
}
