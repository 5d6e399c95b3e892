"""Files from and for other programs: GeoPackage, GeoJSON, Shapefile, CSV.

Foreign files are opened by a child process. Nothing here changes a project:
an import is a plan with a ChangeSet and findings, an export is files. Every
record that comes in is imported, updated, unchanged or set aside with a finding.
"""
