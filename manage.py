#!/usr/bin/env python3
"""Meliora's commands. `demo` and `test` set up everything they need themselves."""

import os
import sys

if __name__ == "__main__":
    from config import bootstrap

    bootstrap.ensure(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.launch import launch

    sys.exit(launch(sys.argv))
