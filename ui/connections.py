"""Who listens to whom among the parts of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.window import Window


def connect_parts(window: Window) -> None:
    """Connect the parts of a window that has just been built."""
    _connect_map(window)
    _connect_panels(window)
    _connect_revisions(window)
    _connect_merge(window)
    _connect_comments(window)
    _connect_backgrounds(window)
    session = window.session
    session.project_opened.connect(window.on_project_opened)
    session.language_changed.connect(window.name_window)
    session.changed.connect(lambda changes: window.name_window() if changes.settings else None)
    window.on_active_layer(window.layers.active_layer)


def _connect_map(window: Window) -> None:
    canvas, status = window.canvas, window.status
    snapping = window.actions_.qt["tool.snapping"]
    canvas.cursor_moved.connect(status.show_place)
    canvas.scale_changed.connect(status.show_scale)
    canvas.rendering_changed.connect(status.show_busy)
    canvas.hint_changed.connect(status.show_hint)
    canvas.tool_changed.connect(window.actions_.show_tool)
    canvas.tool_changed.connect(lambda _: window.messages.drop_passing())
    canvas.active_layer_changed.connect(lambda _: window.messages.drop_passing())
    window.maps.placed.connect(window.messages.raise_)
    canvas.snapping_changed.connect(snapping.setChecked)
    canvas.spot_placed.connect(window.on_spot_placed)
    status.scale_chosen.connect(canvas.set_scale)
    status.show_hint(canvas.tool.first_hint)
    window.session.project_opened.connect(lambda: status.show_hint(canvas.tool.first_hint))
    window.actions_.show_tool(canvas.tool_id)
    snapping.setChecked(canvas.snapping)


def _connect_panels(window: Window) -> None:
    header = window.header
    window.layers.active_layer_changed.connect(window.on_active_layer)
    window.canvas.active_layer_changed.connect(window.on_layer_chosen)
    window.layers.table_requested.connect(window.view_actions.show_table)
    window.layers.look_requested.connect(window.look_actions.open)
    window.canvas.scale_changed.connect(window.layers.show_scale)
    window.spots.add_requested.connect(window.session.tool_requested)
    window.spots.count_changed.connect(lambda count: window.drawer.show_count("spots", count))
    window.changes.count_changed.connect(lambda count: window.drawer.show_count("changes", count))
    window.changes.compare_requested.connect(window.revision_actions.compare_last)
    window.changes.export_requested.connect(window.comment_actions.export_changes)
    window.changes.reason_given.connect(window.reason_actions.give)
    window.findings.reason_requested.connect(window.reason_actions.explain)
    window.findings.count_changed.connect(lambda count: window.drawer.show_count("findings", count))
    window.postings.view_requested.connect(window.revision_actions.view)
    window.history.view_requested.connect(window.revision_actions.view)
    window.postings.publish_requested.connect(window.file_actions.publish)
    window.postings.board_requested.connect(window.posting_actions.ask_board)
    window.postings.removal_requested.connect(window.posting_actions.remove)
    window.postings.export_requested.connect(window.posting_actions.export)
    window.edit_actions.table_pasted.connect(window.file_actions.paste_table)
    window.changes.adopt_requested.connect(window.branch_actions.adopt_keys)
    header.publish_requested.connect(window.file_actions.publish)
    header.draw_requested.connect(window.file_actions.draw)
    header.search.hit_chosen.connect(window.search.go)
    header.search.left.connect(window.canvas.setFocus)
    window.search.bookmark_chosen.connect(window.sight_actions.go)
    window.search.theme_chosen.connect(window.layers.themes.switch)


def _connect_revisions(window: Window) -> None:
    timeline, bar, acts, branches = (
        window.timeline,
        window.view_bar,
        window.revision_actions,
        window.branch_actions,
    )
    timeline.view_requested.connect(acts.view)
    timeline.compare_requested.connect(acts.compare)
    timeline.compare_stopped.connect(acts.stop_comparing)
    timeline.freeze_requested.connect(acts.freeze)
    acts.publish_requested.connect(window.file_actions.publish)
    timeline.branch_requested.connect(branches.begin)
    timeline.rename_requested.connect(branches.rename)
    timeline.removal_requested.connect(branches.remove)
    timeline.return_requested.connect(branches.bring_back)
    timeline.play_requested.connect(window.player.toggle)
    window.player.changed.connect(lambda: timeline.show_playing(window.player.playing))
    window.maps.mode_changed.connect(window.compare_actions.show_mode)
    bar.mode_requested.connect(window.maps.set_mode)
    bar.working_requested.connect(acts.show_working)
    bar.restore_requested.connect(acts.restore)
    window.compare_actions.show_mode(window.maps.mode)
    for strip in (timeline, bar):
        strip.switch_requested.connect(branches.switch)
        strip.adopt_requested.connect(branches.adopt)


def _connect_comments(window: Window) -> None:
    comments, ledger, acts = window.comments, window.ledger, window.comment_actions
    comments.add_requested.connect(lambda: acts.add(None))
    comments.paste_requested.connect(acts.paste)
    comments.count_changed.connect(lambda count: window.drawer.show_count("comments", count))
    ledger.read_requested.connect(lambda: acts.read_ledger(ledger.take))
    ledger.export_requested.connect(acts.export_ledger)
    window.attributes.change_requested.connect(acts.show_change)
    window.canvas.context_menu_requested.connect(acts.offer_here)


def _connect_merge(window: Window) -> None:
    merge, branches = window.merge, window.branch_actions
    merge.confirmed.connect(branches.apply)
    merge.replan_requested.connect(branches.plan_again)
    merge.begun.connect(window.compare_actions.begin_merge)
    merge.closed.connect(window.compare_actions.end_merge)
    merge.closed.connect(lambda: window.drawer.set_page_shown("merge", False))
    merge.count_changed.connect(lambda count: window.drawer.show_count("merge", count))


def _connect_backgrounds(window: Window) -> None:
    panel, acts = window.backgrounds, window.background_actions
    panel.add_requested.connect(acts.offer_kinds)
    panel.find_requested.connect(acts.find_file)
    panel.place_requested.connect(acts.place_again)
    panel.zoom_requested.connect(acts.zoom)
    panel.access_requested.connect(acts.allow)
    window.canvas.pictures.backdrop.state_changed.connect(acts.make_copies)
