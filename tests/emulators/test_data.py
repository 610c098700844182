import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

from kfpkit.emulators import identify_data
from kfpkit.project.project import find_project


def test_data_is_the_same_until_it_is_removed(tmp_path):
    project = find_project(tmp_path)
    folder = project.state / "emulators"
    folder.mkdir(parents=True)
    first = identify_data(project)
    assert identify_data(project) == first
    assert [file.name for file in folder.iterdir()] == ["identity"]
    shutil.rmtree(folder)
    folder.mkdir()
    assert identify_data(project) != first


def test_runs_that_ask_at_once_get_one_answer(tmp_path):
    meeting = threading.Barrier(8)

    def ask(project):
        meeting.wait()
        return identify_data(project)

    with ThreadPoolExecutor(8) as threads:
        for number in range(50):
            folder = tmp_path / str(number) / ".kfpkit" / "emulators"
            folder.mkdir(parents=True)
            project = find_project(tmp_path / str(number))
            [answer] = set(threads.map(ask, [project] * 8))
            assert answer
