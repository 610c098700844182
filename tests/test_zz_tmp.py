from pathlib import Path
def test_flaky():
    p=Path('/tmp/again/x')
    if not p.exists():
        p.write_text(''); assert 0
