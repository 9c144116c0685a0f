"""What the calls of Gradle, Maven and the compilers of the JVM claim: plugin.py is asked, the others know the parts."""
