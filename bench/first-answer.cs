// How long a user waits: 'attn run' of a notebook whose only cell is 1+1, what each further trivial cell adds, and notebook 59.
//   dotnet run bench/first-answer.cs [--laptop]
// Needs the Release build of src/Notebook.Host. Prints medians over runs of the whole process, so that start-up is in the figure.
#:property PublishAot=false
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

const int Runs = 5, Extra = 50;
var repository = Path.GetFullPath(Path.Combine(AppContext.GetData("EntryPointFileDirectoryPath") as string ?? ".", ".."));
var attn = Path.Combine(repository, "src/Notebook.Host/bin/Release/net10.0", RuntimeInformation.RuntimeIdentifier, "attn");
if (!File.Exists(attn))
    throw new FileNotFoundException($"build first: dotnet build -c Release src/Notebook.Host (looked for {attn})");
var folder = Directory.CreateTempSubdirectory("attn-bench-").FullName;

var one = Median(WriteNotebook("one.ipynb", 1));
var many = Median(WriteNotebook("many.ipynb", 1 + Extra));
Console.WriteLine($"attn run, one cell 1+1, whole process:  {one,8:F0} ms   (target < 2500)");
Console.WriteLine($"each further trivial cell:              {(many - one) / Extra,8:F1} ms   (target < 80)");
var scanAndSnap = Path.Combine(repository, "notebooks/59-scan-and-snap.ipynb");
Console.WriteLine($"59 at Smoke:                            {Time(scanAndSnap, "--scale", "smoke") / 1000,8:F1} s    (target < 15)");
if (args.Contains("--laptop"))
    Console.WriteLine($"59 at Laptop:                           {Time(scanAndSnap, "--scale", "laptop") / 1000,8:F1} s    (target < 90)");
Directory.Delete(folder, recursive: true);

double Median(string notebook)
{
    Time(notebook); // the first run also reads the program from disk
    return Enumerable.Range(0, Runs).Select(_ => Time(notebook)).Order().ElementAt(Runs / 2);
}

double Time(string notebook, params string[] options)
{
    var clock = Stopwatch.StartNew();
    using var process = Process.Start(new ProcessStartInfo(attn, ["run", notebook, "--out", folder, .. options]) { RedirectStandardOutput = true })!;
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode <= 1 ? clock.Elapsed.TotalMilliseconds : throw new InvalidOperationException($"attn run {notebook} ended with {process.ExitCode}");
}

string WriteNotebook(string name, int cells)
{
    var path = Path.Combine(folder, name);
    var list = new JsonArray();
    for (var i = 0; i < cells; i++)
        list.Add(new JsonObject
        {
            ["cell_type"] = "code", ["id"] = $"c{i}", ["metadata"] = new JsonObject(), ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = "1+1",
        });
    File.WriteAllText(path, new JsonObject
    {
        ["cells"] = list,
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = "C#", ["language"] = "C#" } },
        ["nbformat"] = 4, ["nbformat_minor"] = 5,
    }.ToJsonString());
    return path;
}
