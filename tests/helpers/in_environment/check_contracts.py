"""What helpers lean on in a library without that its documentation promises it."""

import ctypes
import json

import lightgbm
from lightgbm.basic import _LIB


def test_lightgbm_lists_the_names_and_aliases_of_its_parameters():
    found = lightgbm.basic._ConfigAliases._get_all_param_aliases()

    assert {"eta", "shrinkage_rate"} <= set(found["learning_rate"])
    assert all(isinstance(name, str) for name in found)
    assert all(isinstance(other, str) for others in found.values() for other in others)
    names = [*found, *(other for name, others in found.items() for other in {*others} - {name})]
    assert len(names) == len(set(names)) > 200


def test_the_list_is_that_of_the_library_itself():
    size = ctypes.c_int64(0)
    text = ctypes.create_string_buffer(1 << 20)
    _LIB.LGBM_DumpParamAliases(ctypes.c_int64(1 << 20), ctypes.byref(size), text)
    own = json.loads(text.value.decode())

    found = lightgbm.basic._ConfigAliases._get_all_param_aliases()

    assert {name: sorted({*others}) for name, others in found.items()} == {
        name: sorted({name, *others}) for name, others in own.items()
    }
