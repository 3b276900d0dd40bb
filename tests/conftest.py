import os

# Before anything reads the settings: no test finds or leaves anything in the memory of whoever runs the tests.
os.environ["TOLMACH_MEMORY"] = "off"
