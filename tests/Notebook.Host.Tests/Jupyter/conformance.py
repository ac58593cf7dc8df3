"""The public conformance suite of Jupyter kernels, with C# for its samples; prints one JSON object of what became of each test."""
import json, sys, unittest
import jupyter_kernel_test


class CSharpKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = sys.argv[1]
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("to the error stream");'
    completion_samples = [
        {"text": "Math.Ma", "matches": {"Max", "MaxMagnitude"}},
        {"text": "#!attn sh", "matches": {"show"}},
        {"text": "Console.WriteLi", "matches": {"WriteLine"}},
    ]
    complete_code_samples = ["1 + 1", "var x = 1;", "if (true) { }", "class A { }", "// a remark", "#!attn list"]
    incomplete_code_samples = ["if (true) {", "class A {", "Math.Max(1,", "/* a remark", "foreach (var x in y)"]
    invalid_code_samples = ["var x = ;", "var x = 1 2;", "class { }"]
    code_page_something = "Math.Max?"
    code_generate_error = 'throw new InvalidOperationException("so it goes");'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": '"a" + "b"', "result": "ab"},
        {"code": "new[] { 1, 2 }.Sum()", "result": "3"},
        {"code": "torch.eye(2)", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": 'display("shown");', "mime": "text/plain"},
        {"code": 'display(Charts.Lines("A line", "x", "y", [new Series("one", [0, 1], [1, 4])]));', "mime": "text/html"},
        {"code": "display(torch.eye(2));", "mime": "text/html"},
    ]
    code_history_pattern = "6*7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.Max"
    code_clear_output = 'Console.Write("a"); Display.Clear();'


class Recorder(unittest.TextTestResult):
    def addSuccess(self, test):
        seen[test.id().split(".")[-1]] = "passed"

    def addSkip(self, test, reason):
        seen[test.id().split(".")[-1]] = "skipped"


seen = {}
suite = unittest.defaultTestLoader.loadTestsFromTestCase(CSharpKernelTests)
result = unittest.TextTestRunner(stream=sys.stderr, resultclass=Recorder).run(suite)
for test, trace in result.failures + result.errors:
    seen[str(test).split(" ")[0]] = trace
print(json.dumps(seen))
