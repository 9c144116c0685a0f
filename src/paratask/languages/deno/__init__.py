"""The language plugin for Deno."""
