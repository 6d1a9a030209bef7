"""The till's file: everything that is kept, and the only room that speaks SQL."""
