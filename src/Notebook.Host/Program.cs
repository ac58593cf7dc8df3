System.Console.WriteLine("attn");
