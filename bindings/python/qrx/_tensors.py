# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tensors as numpy arrays and arrays as tensors, over the same memory. Knows addresses and shapes only."""
import numpy as np
from gi.repository import GObject, Qrx

_NUMPY = {Qrx.Dtype.F32: np.dtype(np.float32), Qrx.Dtype.F64: np.dtype(np.float64)}
_QRX = {numpy: dtype for dtype, numpy in _NUMPY.items()}


class _Keeper(GObject.Object):
    """Holds an array for as long as a tensor points into it."""

    __gtype_name__ = "QrxPythonArray"


def _array_interface(self):
    shape = tuple(self.get_dim(axis) for axis in range(self.get_rank()))
    address = (self.get_address(), self.is_read_only())
    return {"shape": shape, "typestr": _NUMPY[self.get_dtype()].str, "data": address, "version": 3}


def numpy(tensor, writeable=True):
    """The tensor's own memory as an array, which keeps the tensor alive; read-only if the tensor is."""
    array = np.asarray(_View(tensor))
    if not writeable:
        array.flags.writeable = False
    return array


class _View:
    """What numpy takes for the owner of the memory."""

    __slots__ = ("tensor", "__array_interface__")

    def __init__(self, tensor):
        self.tensor = tensor
        self.__array_interface__ = _array_interface(tensor)


def _array(self, dtype=None, copy=None):
    array = numpy(self)
    if dtype is not None and array.dtype != np.dtype(dtype):
        return array.astype(dtype)
    return array.copy() if copy else array


def tensor(array, copy=False):
    """A tensor of an array's numbers, over the array's own memory where that is float32 or float64 and contiguous.

    Other numbers become float64. The tensor keeps the array alive; it is read-only if the array is.
    """
    array = np.array(array, copy=True) if copy else np.asarray(array)
    if array.dtype not in _QRX:
        if array.dtype.kind not in "biuf":
            raise TypeError(f"found an array of {array.dtype}, expected numbers")
        array = array.astype(np.float64)
    if not array.flags.c_contiguous or not array.flags.aligned:
        array = array.copy(order="C")
    keeper = _Keeper()
    keeper.array = array
    address = array.__array_interface__["data"][0]
    return Qrx.Tensor.new_over(_QRX[array.dtype], list(array.shape), address, not array.flags.writeable, keeper)


def _repr(self):
    shape = ", ".join(str(self.get_dim(axis)) for axis in range(self.get_rank()))
    flag = ", read-only" if self.is_read_only() else ""
    return f"<qrx.Tensor {_NUMPY[self.get_dtype()]}[{shape}]{flag}>"


Qrx.Tensor.numpy = numpy
Qrx.Tensor.__array__ = _array
Qrx.Tensor.__repr__ = _repr
Qrx.Tensor.shape = property(lambda self: tuple(self.get_dim(axis) for axis in range(self.get_rank())))
