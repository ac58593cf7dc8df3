using Attn.Host.Session;

namespace Attn.Host.Tests.Session;

public sealed class CalledAssembliesTests
{
    [Theory]
    [InlineData("1 + 1", false)]
    [InlineData("Console.WriteLine(new List<int> { 1 }.Sum());", false)]
    [InlineData("var t = ones(3);", true)]
    [InlineData("var t = torch.nn.functional.relu(null);", true)]
    public void A_cell_that_calls_TorchSharp_is_told_from_one_that_only_could(string code, bool calls)
    {
        var cell = new CellCompiler().Compile(code, "Cell 1", null, TestContext.Current.CancellationToken);
        Assert.Equal(calls, CalledAssemblies.Of(cell.Assembly!).Contains("TorchSharp"));
    }
}
