"""Plugins: found, loaded and vetted one by one; the built-in ones like anybody's."""

from __future__ import annotations

from postguard.plugins import BUILTIN, installed, load


def test_the_built_in_plugins_load_and_each_offers_the_checker_of_its_name():
    offered = load()
    assert offered.broken == ()
    assert {checker.name for checker in offered.checkers} >= set(BUILTIN)


def test_checkers_come_sorted_by_name():
    names = [checker.name for checker in load().checkers]
    assert names == sorted(names)


def test_every_rule_is_listed_once_with_the_core_s():
    rules = load().rules
    assert {"PG001", "NAM101", "FAC201", "MET301", "TRP401"} <= set(rules)
    assert all(code == rule.code for code, rule in rules.items())


def test_an_installed_plugin_is_found_and_taken_by_its_name(tmp_path, monkeypatch):
    (tmp_path / "tiny_plugin.py").write_text(
        "from postguard import Format, hookimpl\n"
        "@hookimpl\n"
        "def postguard_formats():\n"
        "    return [Format('tiny', lambda report, **options: 'tiny')]\n"
    )
    info = tmp_path / "tiny-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[postguard]\ntiny = tiny_plugin\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert "tiny" in installed()
    assert "tiny" not in {format_.name for format_ in load().formats}
    offered = load(["tiny"])
    assert offered.broken == ()
    assert "tiny" in {format_.name for format_ in offered.formats}


def test_an_object_is_taken_as_a_plugin_like_a_module(kit):
    from postguard import hookimpl

    class Plugin:
        @hookimpl
        def postguard_checkers(self):
            return [kit.checker(lambda _context: [])]

    offered = load(objects={"mine": Plugin()})
    assert offered.broken == ()
    assert "made-up" in {checker.name for checker in offered.checkers}


def test_a_broken_plugin_is_taken_whole_or_not_at_all(kit):
    both = kit.plugin(kit.checker(lambda _c: [], name="good", code="ZZZ903"), kit.checker(lambda _c: [], code="PG001"))
    offered = load(objects={"half": both})
    assert [fault.plugin for fault in offered.broken] == ["half"]
    assert "good" not in {checker.name for checker in offered.checkers}
