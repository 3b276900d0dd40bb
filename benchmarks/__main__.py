"""`make bench`: what can be measured with what is in the repository. Those that need data of their own say so."""

from benchmarks import engines, pipeline, serving

if __name__ == "__main__":
    pipeline.main()
    engines.main()
    serving.main()
