namespace Souk.Platform.Logging;

/// <summary>
/// Marks what is about a person. Whatever is logged is looked at by its type, and a property with this mark, or one that is a secret, is not shown: nobody has to
/// think of it where a line is logged.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class PersonalAttribute : Attribute;
