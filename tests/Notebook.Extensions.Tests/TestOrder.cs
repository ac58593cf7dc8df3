// The current host and the count of live tensors belong to the process: tests that look at them come one by one.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
