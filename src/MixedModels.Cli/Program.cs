Console.WriteLine("mixed");
