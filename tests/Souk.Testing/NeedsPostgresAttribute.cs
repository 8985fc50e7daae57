using System.Reflection;
using Xunit;
using Xunit.v3;

namespace Souk.Testing;

/// <summary>Marks the tests that run on PostgreSQL. Where it is not installed they are skipped; in CI, where it must be, they fail.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class NeedsPostgresAttribute : BeforeAfterTestAttribute
{
    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (PostgresCluster.IsMissing)
        {
            Assert.Skip(PostgresCluster.HowToInstall);
        }
    }
}
