namespace Watchhouse.Hosting;

/// <summary>What is written to the console: what an operator must know, on one line each.</summary>
internal static class Logging
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("OpenIddict", LogLevel.Warning);
        // EF logs each failed command with its text; the exception is logged where it is handled.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Error);
    }
}
