import os

# Before anything reads the settings: no test finds or leaves anything in the memory of whoever runs the tests.
os.environ["TOLMACH_MEMORY"] = "off"
# The names by which the clients of tests, and requests written out, call every application.
os.environ["TOLMACH_ALLOWED_HOSTS"] = "testserver,t"
