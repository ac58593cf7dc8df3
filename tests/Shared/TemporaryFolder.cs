namespace Attn.Tests;

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Location { get; } = Directory.CreateTempSubdirectory("attn-test-").FullName;

    /// <summary>The path of a file in it.</summary>
    public string this[string file] => Path.Combine(Location, file);

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
