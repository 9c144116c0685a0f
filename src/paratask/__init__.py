"""paratask runs the tasks of a Taskfile side by side where that is safe, and says why."""

__version__ = "0.1.0"
