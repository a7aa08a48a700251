"""Plans in MS Project's XML form, MSPDI: read into a model, and written from one.

The words are those of Microsoft's XML Data Interchange Schema for Project 2007, whose element names and codes stand in
`words.py`. Reading goes `nodes` -> `values` -> `calendars_in`, `tasks_in`, `resources_in` -> `reading`; writing goes
`calendars_out`, `tasks_out` -> `writing`. `days` and `spans` hold what both directions share: what a day is as a date
and a time, and what a length is as a duration and a format. So one undoes the other by construction.
"""
