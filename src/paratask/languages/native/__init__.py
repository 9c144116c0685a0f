"""The plugin for C and C++: cmake, ninja, meson, make and the checkers around them."""
