"""What bitsandbytes makes of weights in 4 bits (NF4, blocks of 64), as float32."""

import bitsandbytes.functional as F
import torch
from transformers.pytorch_utils import Conv1D

HEADS = ("lm_head", "classifier")


def quantize(weight):
    """Laid end to end: on the CPU bitsandbytes 0.50 unpacks rows that are shorter than a block wrongly."""
    return F.quantize_4bit(weight.reshape(-1).contiguous(), blocksize=64, quant_type="nf4")


def round_layers(model):
    """
    Puts what their 4 bits stand for in the place of the weights of every linear layer but the head. bitsandbytes' own layers will not
    do on the CPU: they multiply in less than float32, and are some hundredths off.
    """
    with torch.no_grad():
        for name, module in model.named_modules():
            if name not in HEADS and isinstance(module, (torch.nn.Linear, Conv1D)):
                flipped = isinstance(module, Conv1D)
                weight = module.weight.T.contiguous() if flipped else module.weight
                rounded = F.dequantize_4bit(*quantize(weight)).reshape(weight.shape)
                module.weight.copy_(rounded.T if flipped else rounded)
    return model
