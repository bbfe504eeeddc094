using CredSync.Host.Operations;
using Spectre.Console;

namespace CredSync.Host.Commands;

/// <summary>Draws a story.</summary>
internal static class StoryDrawing
{
    /// <summary>Draws the story for people.</summary>
    public static void Draw(this Story story, IAnsiConsole console)
    {
        console.MarkupLineInterpolated($"[bold]{story.Subject}[/]");
        foreach (StoryStep step in story.Steps)
        {
            string colour = step.Done ? "green" : "yellow";
            console.MarkupLineInterpolated($"  [{colour}]{step.Number} {step.Room,-10}[/] [grey]{Words.Time(step.At),-20}[/] {step.Sentence}");
        }
    }
}
