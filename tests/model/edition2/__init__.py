"""Edition 2, a second time: whole-number implementations of docs/spec, written without a look at the engine."""
