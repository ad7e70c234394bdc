using System.Runtime.InteropServices;
using System.Text;
using MixedModels.Cli;

StartupProfile.Begin(args);

// UTF-8 everywhere, by streams of our own: setting up System.Console's writers and terminal takes longer than a small fit.
if (OperatingSystem.IsWindows())
    Console.OutputEncoding = Encoding.UTF8;
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), bufferSize: 1 << 16);
using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
{
    signal.Cancel = true;
    cancellation.Cancel();

    // A read of standard input does not look at the token; nothing is ever half-written, so leaving is safe.
    _ = Task.Delay(TimeSpan.FromSeconds(1)).ContinueWith(
        _ =>
        {
            error.Write("mixed: cancelled.\n");
            Environment.Exit(ExitCode.Cancelled);
        },
        TaskScheduler.Default);
});
return CommandLineApplication.Run(args, output, error, Console.OpenStandardInput(), cancellation.Token, !Console.IsErrorRedirected, Terminal.Layout());
