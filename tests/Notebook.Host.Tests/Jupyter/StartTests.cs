using Attn.Host.Jupyter;
using Attn.Host.Tests.Session;

namespace Attn.Host.Tests.Jupyter;

[Collection(SessionCollection.Name)]
public sealed class StartTests
{
    // libtorch takes as long to load as all else before the first answer.
    [Fact]
    public void Cells_without_tensors_do_not_wait_for_libtorch()
    {
        const string Loaded = "AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == \"TorchSharp\")";
        using var kernel = new KernelProcess();
        Assert.Equal("false", kernel.Run("var list = new List<int> { 1 }; list.Sum()", Loaded));
        Assert.Equal("error", kernel.Ask(Channel.Shell, "execute_request", new() { ["code"] = "throw new Exception();" })["status"]!.ToString());
        Assert.Equal("false", kernel.Run("", Loaded));
        Assert.Equal("true", kernel.Run("torch.ones(1)", Loaded));
    }
}
