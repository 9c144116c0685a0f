"""Elixir and Erlang: mix, rebar3."""
