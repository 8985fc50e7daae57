namespace Souk.Platform.Audit;

/// <summary>
/// Marks an entity whose rows are counters of refusals, which stand in the audit log themselves: a flood of those would otherwise be an entry each.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NotAuditedAttribute : Attribute;
