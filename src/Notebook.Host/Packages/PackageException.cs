namespace Attn.Host.Packages;

/// <summary>A package cannot be had; the message says which, why, and where it was looked for.</summary>
internal sealed class PackageException(string message) : Exception(message);
