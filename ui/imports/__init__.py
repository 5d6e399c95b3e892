"""Taking in foreign files beside the map: understood, previewed on the plan, then applied as one step.

Each kind of file has a form of its own (`table_import`, `drawing_import`, `photo_import`); `import_dock`
shows one at a time. Nothing here reads a file or changes a plan: that is `gis.exchange`, in a worker.
"""
