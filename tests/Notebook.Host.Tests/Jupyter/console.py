"""Types into 'jupyter console' on a terminal as a person does; prints one JSON object of what appeared."""
import json, re, sys, time
import pexpect

seen = {}


class Terminal:
    def __init__(self, *options):
        self.child = pexpect.spawn("/usr/bin/jupyter", ["console", *options, "--kernel", sys.argv[1]], encoding="utf-8", codec_errors="replace", dimensions=(40, 120))
        self.screen = ""

    def type(self, text):
        self.child.send(text)

    def shows(self, pattern, seconds=40):
        """Whether the pattern appears, colours and the moves of the cursor left out; what has been looked at is not looked at again."""
        ends = time.time() + seconds
        while time.time() < ends:
            try:
                self.screen += self.child.read_nonblocking(1 << 16, timeout=0.1)
            except pexpect.TIMEOUT:
                pass
            except pexpect.EOF:
                ends = 0
            plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r", "", self.screen)
            found = re.search(pattern, plain)
            if found:
                self.screen = plain[found.end():]
                return True
        sys.exit(f"'{pattern}' did not appear in: {self.screen!r}")

    def leave(self):
        self.child.sendeof()
        self.shows("exit")
        self.type("y\r")
        self.child.expect(pexpect.EOF, timeout=40)
        self.child.close()
        return self.child.exitstatus


# The kernel alone says where a cell ends: by itself the console asks for a blank line when no answer comes within a second.
terminal = Terminal("--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=40", "--ZMQCompleter.timeout=40")
seen["greeting"] = terminal.shows(r"attn .*C# on \.NET") and terminal.shows(r"In \[1\]:")
terminal.type("6*7\r")
seen["result"] = terminal.shows(r"Out\[1\]: *42") and terminal.shows(r"In \[2\]:")
terminal.type("Math.MaxM\t")
seen["completion"] = terminal.shows("agnitude")
terminal.type("(1, -2)\r")
seen["completed"] = terminal.shows(r"Out\[2\]: *-2") and terminal.shows(r"In \[3\]:")
terminal.type("for (var i = 0; i < 3; i++) {\r")
seen["continued"] = terminal.shows(r"\.\.\.:")
terminal.type("Console.Write(i);\r}\r")
seen["looped"] = terminal.shows("012") and terminal.shows(r"In \[4\]:")
seen["left"] = terminal.leave() == 0

# Debian's console of full dress takes Ctrl-C for itself, with any kernel; the plain one passes it on.
terminal = Terminal("--simple-prompt")
terminal.shows(r"In \[1\]:")
terminal.type("while (true) { }\r")
time.sleep(3)
began = time.time()
terminal.child.sendintr()
seen["interrupted"] = terminal.shows("Interrupted")
seen["seconds"] = time.time() - began
terminal.shows(r"In \[2\]:")
terminal.type('Console.ReadLine() + "!"\r')
time.sleep(1)
terminal.type("Ada\r")
seen["answered"] = terminal.shows(r"Ada!")
seen["left again"] = terminal.leave() == 0
print(json.dumps(seen))
