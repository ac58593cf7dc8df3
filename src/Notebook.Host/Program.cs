using System.CommandLine;
using Attn.Host.Cli;

var root = new RootCommand("Attention, reproducible: run papers' notebooks, check their claims, try attention mechanisms.")
{
    RunCommand.Create(),
    VerifyCommand.Create(),
    DoctorCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
