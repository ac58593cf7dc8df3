using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Host.Tests.Session;

namespace Attn.Host.Tests.Jupyter;

/// <summary>What Jupyter's own client sees of the kernel in one conversation; <c>client.py</c> leads it.</summary>
[Collection(SessionCollection.Name)]
public sealed class ConversationTests(ConversationTests.Conversation conversation) : IClassFixture<ConversationTests.Conversation>
{
    public sealed class Conversation
    {
        public Conversation()
        {
            if (!DebianJupyter.Has("jupyter_client"))
                return;
            using var jupyter = new DebianJupyter();
            var (code, output, error) = jupyter.Run(DebianJupyter.Python, DebianJupyter.Script("client.py"), KernelSpec.Name);
            Assert.True(code == 0, output + error);
            Seen = JsonNode.Parse(output)!;
        }

        internal JsonNode? Seen { get; }
    }

    [Fact]
    public void It_says_what_it_is()
    {
        var info = Seen("info");
        Assert.Equal("ok", info["status"]!.ToString());
        Assert.Equal("5.5", info["protocol_version"]!.ToString());
        Assert.Equal(".cs", info["language_info"]!["file_extension"]!.ToString());
    }

    [Fact]
    public void The_last_expression_is_the_result_and_variables_stay()
    {
        Assert.Equal("""[["execute_result",{"execution_count":1,"data":{"text/plain":"21"},"metadata":{}}]]""", Outputs("result").ToJsonString());
        Assert.Equal("40", Outputs("state")[0]![1]!["data"]!["text/plain"]!.ToString());
        Assert.Equal(2, (int)Seen("state")["reply"]!["execution_count"]!);
    }

    [Fact]
    public void Both_streams_arrive() => Assert.Equal(
        """[["stream",{"name":"stdout","text":"out"}],["stream",{"name":"stderr","text":"err"}]]""", Outputs("stream").ToJsonString());

    [Fact]
    public void A_display_is_updated_under_its_id()
    {
        var outputs = Outputs("display");
        Assert.Equal(["display_data", "update_display_data"], outputs.Select(output => output![0]!.ToString()));
        Assert.Equal(["first", "second"], outputs.Select(output => output![1]!["data"]!["text/plain"]!.ToString()));
        Assert.Single(outputs.Select(output => output![1]!["transient"]!["display_id"]!.ToString()).Distinct());
    }

    [Theory]
    [InlineData("error", "InvalidOperationException", "so it goes")]
    [InlineData("syntax", "CompilationError", "CS1061")]
    public void An_error_is_published_and_replied(string scene, string name, string said)
    {
        var published = Assert.Single(Outputs(scene))!;
        Assert.Equal("error", published[0]!.ToString());
        foreach (var error in (JsonNode[])[published[1]!, Seen(scene)["reply"]!])
        {
            Assert.Equal(name, error["ename"]!.ToString());
            Assert.Contains(said, error["evalue"]!.ToString());
            Assert.Contains("line 1", error["traceback"]!.ToString());
        }

        Assert.Equal("error", Seen(scene)["reply"]!["status"]!.ToString());
    }

    [Fact]
    public void A_silent_cell_shows_nothing_and_does_not_count()
    {
        Assert.Empty(Outputs("silent"));
        Assert.Equal((int)Seen("syntax")["reply"]!["execution_count"]!, (int)Seen("silent")["reply"]!["execution_count"]!);
    }

    [Fact]
    public void A_directive_line_is_carried_out() => Assert.Contains("gated-linear", Outputs("magic")[0]![1]!["data"]!["text/plain"]!.ToString());

    [Fact]
    public void An_interrupt_ends_the_cell_aborts_what_waits_and_leaves_the_session()
    {
        Assert.Equal("Interrupted", Seen("interrupted")["ename"]!.ToString());
        Assert.Equal("aborted", Seen("aborted")["status"]!.ToString());
        // A busy machine gets some more than an idle one needs.
        Assert.InRange((double)Seen("interrupt_seconds"), 0, 0.5);
        Assert.Equal("20", Outputs("after")[0]![1]!["data"]!["text/plain"]!.ToString());
    }

    [Fact]
    public void Consoles_learn_whether_a_text_is_whole() =>
        Assert.Equal(["complete", "incomplete", "invalid"], ((JsonArray)Seen("complete")).Select(status => status!.ToString()));

    [Fact]
    public void A_directive_line_is_completed()
    {
        var completion = Seen("completion");
        Assert.Equal(["show"], ((JsonArray)completion["matches"]!).Select(match => match!.ToString()));
        Assert.Equal((7, 9), ((int)completion["cursor_start"]!, (int)completion["cursor_end"]!));
    }

    [Fact]
    public void Code_is_completed_at_a_place_counted_in_code_points()
    {
        var completion = Seen("members");
        Assert.Equal(["Max", "MaxMagnitude"], ((JsonArray)completion["matches"]!).Select(match => match!.ToString()));
        Assert.Equal((13, 15), ((int)completion["cursor_start"]!, (int)completion["cursor_end"]!));
        Assert.Equal("""{"start":13,"end":15,"text":"Max","type":"function"}""", completion["metadata"]!["_jupyter_types_experimental"]![0]!.ToJsonString());
    }

    [Fact]
    public void A_name_is_explained()
    {
        Assert.True((bool)Seen("inspection")["found"]!);
        Assert.Contains("Returns the larger", Seen("inspection")["data"]!["text/plain"]!.ToString());
        Assert.False((bool)Seen("nothing")["found"]!);
        var page = Seen("question")["reply"]!["payload"]![0]!;
        Assert.Equal("page", page["source"]!.ToString());
        Assert.Contains("Returns the larger", page["data"]!["text/plain"]!.ToString());
    }

    [Fact]
    public void Expressions_are_evaluated_beside_a_cell()
    {
        var values = Seen("expressions")["user_expressions"]!;
        Assert.Equal("40", values["twice"]!["data"]!["text/plain"]!.ToString());
        Assert.Equal(("error", "CompilationError"), (values["wrong"]!["status"]!.ToString(), values["wrong"]!["ename"]!.ToString()));
    }

    [Fact]
    public void The_history_has_what_was_to_be_kept()
    {
        Assert.Equal(["Math.Max?", "x"], ((JsonArray)Seen("tail")["history"]!).Select(entry => entry![2]![0]!.ToString()));
        Assert.Equal("20", Seen("tail")["history"]![1]![2]![1]!.ToString());
        Assert.Equal(["var x = 20; x + 1", "x * 2"], ((JsonArray)Seen("range")["history"]!).Select(entry => entry![2]!.ToString()));
        Assert.Equal(["x * 2", "x.Foo()", "x"], ((JsonArray)Seen("search")["history"]!).Select(entry => entry![2]!.ToString()));
    }

    [Fact]
    public void Outputs_are_cleared_where_the_cell_says() =>
        Assert.Equal(["stream", "clear_output", "stream"], Outputs("clear").Select(output => output![0]!.ToString()));

    [Fact]
    public void A_cell_asks_whoever_runs_it()
    {
        Assert.Equal("""[{"prompt":"","password":false},{"prompt":"password: ","password":true}]""", Seen("questions").ToJsonString());
        Assert.Equal("Ada, 6", Outputs("answers")[0]![1]!["data"]!["text/plain"]!.ToString());
        Assert.Contains("takes none", Seen("nobody")["evalue"]!.ToString());
        Assert.Equal("Interrupted", Seen("gave_up")["ename"]!.ToString());
    }

    [Fact]
    public void A_slider_moves_what_hangs_on_it()
    {
        Assert.Equal("value 5", Seen("slider")[1]![1]!["data"]!["text/plain"]!.ToString());
        Assert.Equal("attn.control", Seen("comms")["comms"]!["one"]!["target_name"]!.ToString());
        Assert.Equal(["update_display_data", "comm_msg"], ((JsonArray)Seen("moved")).Select(message => message![0]!.ToString()));
        Assert.Equal("value 7", Seen("moved")[0]![1]!["data"]!["text/plain"]!.ToString());
        Assert.Equal(Seen("slider")[1]![1]!["transient"]!["display_id"]!.ToString(), Seen("moved")[0]![1]!["transient"]!["display_id"]!.ToString());
        Assert.Equal("7", Outputs("slider_value")[0]![1]!["data"]!["text/plain"]!.ToString());
        Assert.Empty((JsonObject)Seen("comms_closed")["comms"]!);
    }

    [Fact]
    public void A_comm_that_nobody_waits_for_is_closed() => Assert.Equal("two", Assert.Single((JsonArray)Seen("refused"))!["comm_id"]!.ToString());

    [Fact]
    public void A_message_sent_again_is_dropped() => Assert.Equal("1", Outputs("replayed")[0]![1]!["data"]!["text/plain"]!.ToString());

    [Fact]
    public void A_shutdown_ends_the_process() => Assert.True((bool)Seen("ended"));

    private JsonNode Seen(string scene)
    {
        DebianJupyter.Need("jupyter_client");
        return conversation.Seen![scene]!;
    }

    private JsonArray Outputs(string scene) => (JsonArray)Seen(scene)["outputs"]!;
}
