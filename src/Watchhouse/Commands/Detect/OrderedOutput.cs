namespace Watchhouse.Commands.Detect;

/// <summary>
/// Puts the results of blocks in order: a worker that is ahead waits for its turn, so at most one block's results for
/// each worker are held.
/// </summary>
internal sealed class OrderedOutput
{
    private readonly object _turn = new();
    private long _next;
    private Exception? _failure;

    /// <summary>Runs the action when every block before this one has been written.</summary>
    public void Run(long sequence, Action action)
    {
        lock (_turn)
        {
            while (_next != sequence && _failure is null) Monitor.Wait(_turn);
            if (_failure is not null) throw new OperationCanceledException("Another thread has failed.", _failure);
            try
            {
                action();
            }
            catch (Exception e)
            {
                _failure = e;
                throw;
            }
            finally
            {
                _next++;
                Monitor.PulseAll(_turn);
            }
        }
    }

    /// <summary>Frees the workers that wait, when one of them cannot go on.</summary>
    public void Fail(Exception failure)
    {
        lock (_turn)
        {
            _failure ??= failure;
            Monitor.PulseAll(_turn);
        }
    }
}
