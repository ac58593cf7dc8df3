namespace Users;

/// <summary>Stands for the code of someone who works in a notebook.</summary>
internal static class Code
{
    public static void Fails() => new List<int>().RemoveAt(3);

    public static async Task FailsLater()
    {
        await Task.Yield();
        throw new InvalidOperationException("later");
    }
}
