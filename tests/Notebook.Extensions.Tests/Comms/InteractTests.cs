using System.Text.Json.Nodes;

namespace Attn.Notebook.Tests.Comms;

/// <summary>Controls without a front end, and with one that the test plays.</summary>
public class InteractTests
{
    [Fact]
    public void Without_a_live_front_end_the_first_value_stands()
    {
        var host = new RecordingHost();
        using var attached = host.Attached();
        var slider = Interact.Slider("<rate>", 0, 1, rate => $"shown {rate}", value: 0.25);
        Assert.Equal(["<rate> = 0.25", "shown 0.25"], host.Texts);
        var html = (string)host.Shown[0].Bundle.Data["text/html"];
        Assert.Contains("&lt;rate&gt;", html);
        Assert.DoesNotContain("<rate>", html);
        Assert.Contains("disabled", html);
        slider.Set(0.5);
        Assert.Equal(0.5, slider.Value);
        Assert.Equal((host.Shown[1].Id, true), (host.Shown[2].Id, host.Shown[2].IsUpdate));
        Assert.Equal("shown 0.5", host.Texts.Last());
    }

    [Fact]
    public void A_front_end_moves_it()
    {
        var host = new LiveHost();
        NotebookHost.Attach(host);
        try
        {
            Interact.Dropdown("which", ["a", "b", "c"], name => name == "c" ? throw new InvalidOperationException("not c") : name + name);
            var comm = host.OpenFromPage();
            comm.Say("""{"value":1}""");
            Assert.Equal("bb", host.Texts.Last());
            Assert.Equal("""{"done":1,"text":"b"}""", comm.Heard.Last());
            comm.Say("""{"value":"no number"}""");
            comm.Say("""{"value":99}""");
            Assert.Contains("not c", host.Texts.Last());
            Assert.Equal(2, comm.Heard.Count);
        }
        finally
        {
            NotebookHost.Attach(null);
        }
    }

    [Fact]
    public void A_control_of_an_earlier_session_is_refused()
    {
        var host = new LiveHost();
        NotebookHost.Attach(host);
        try
        {
            Interact.Slider("x", 0, 1, x => x);
            Assert.False(host.OpenFromPage("attn-0").IsOpen);
            Assert.True(host.OpenFromPage().IsOpen);
        }
        finally
        {
            NotebookHost.Attach(null);
        }
    }

    [Theory]
    [InlineData(1, 1, null, null, "max: got 1, needs")]
    [InlineData(0, double.PositiveInfinity, null, null, "max: got")]
    [InlineData(0, 1, 2.0, null, "value: got 2, needs")]
    [InlineData(0, 1, double.NaN, null, "value: got")]
    [InlineData(0, 1, null, 0.0, "step: got 0, needs")]
    public void A_range_that_is_none_is_refused(double min, double max, double? value, double? step, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => Interact.Slider("x", min, max, x => x, value, step)).Message);

    [Fact]
    public void So_is_a_choice_of_nothing() =>
        Assert.StartsWith("options: got none", Assert.Throws<ArgumentException>(() => Interact.Dropdown<int>("x", [], x => x)).Message);

    private sealed class LiveHost : INotebookHost, IComms
    {
        private readonly RecordingHost _inner = new();
        private Action<IComm, JsonObject>? _opened;

        public IComms? Comms => this;

        public IEnumerable<string> Texts => _inner.Texts;

        public IReadOnlyCollection<string> VariableNames => [];

        public CancellationToken Cancellation => CancellationToken.None;

        public void Display(MimeBundle bundle, string displayId) => _inner.Display(bundle, displayId);

        public void Update(string displayId, MimeBundle bundle) => _inner.Update(displayId, bundle);

        public bool TryGetVariable(string name, out object? value) => _inner.TryGetVariable(name, out value);

        public Task SetVariableAsync(string name, object? value, Type type) => Task.CompletedTask;

        public IComm Open(string target, JsonObject data) => throw new NotSupportedException();

        public void Accept(string target, Action<IComm, JsonObject> opened) => _opened = opened;

        /// <summary>Does what the control's script does.</summary>
        public PageComm OpenFromPage(string? control = null)
        {
            var html = (string)_inner.Shown[0].Bundle.Data["text/html"];
            var comm = new PageComm();
            _opened!(comm, new JsonObject { ["control"] = control ?? html.Split('"')[1] });
            return comm;
        }
    }

    private sealed class PageComm : IComm
    {
        public event Action<JsonObject>? Received;

        public event Action? Closed;

        public string Id => "page";

        public bool IsOpen { get; private set; } = true;

        public List<string> Heard { get; } = [];

        public void Send(JsonObject data) => Heard.Add(data.ToJsonString());

        public void Say(string json) => Received?.Invoke((JsonObject)JsonNode.Parse(json)!);

        public void Close()
        {
            IsOpen = false;
            Closed?.Invoke();
        }
    }
}
