using System.CommandLine;
using Attn.Host.Cli;

var root = new RootCommand("Attention, reproducible: run papers' notebooks, check their claims, try attention mechanisms.")
{
    RunCommand.Create(),
    VerifyCommand.Create(),
    DoctorCommand.Create(),
};
var parse = root.Parse(args);
var code = await parse.InvokeAsync();
return parse.Errors.Count > 0 ? 2 : code;
