"""Exports what finetune.py trained to int8 ONNX, in the layout of the Hugging Face hub.

Usage: python export.py TRAINED_DIR OUT_DIR

Prints how near the quantised vectors are to those of the trained weights.
"""

import hashlib
import json
import pathlib
import shutil
import sys
import tempfile

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import AutoModel, AutoTokenizer

INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUT = "last_hidden_state"
MAX_TOKENS = 64
SAMPLE = [
    "connection to ip address refused after 0 attempts",
    "Failed password for invalid user value from ip address port 0 ssh0",
    "ORA-00060: deadlock detected while waiting for resource",
    "Out of memory: Killed process 0 (java) total-vm:0kB",
    "Backup finished, 0 files in 0 s",
]


class LastHiddenState(torch.nn.Module):
    """The encoder with tensors in and one tensor out."""

    def __init__(self, encoder: torch.nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids, attention_mask, token_type_ids):
        return self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state


def main(trained: pathlib.Path, out: pathlib.Path) -> None:
    encoder = LastHiddenState(AutoModel.from_pretrained(trained, attn_implementation="eager").eval())
    quantised = out / "onnx" / "model_quantized.onnx"
    quantised.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fp32 = pathlib.Path(scratch) / "model.onnx"
        export_fp32(encoder, fp32)
        # Without reduce_range, CPUs that lack VNNI saturate in int8 products.
        quantize_dynamic(fp32, quantised, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copyfile(trained / name, out / name)
    limits = {"max_seq_length": MAX_TOKENS, "do_lower_case": False}
    (out / "sentence_bert_config.json").write_text(json.dumps(limits, indent=2) + "\n")
    print(f"{quantised}: {quantised.stat().st_size} bytes, sha256 {hashlib.sha256(quantised.read_bytes()).hexdigest()}")
    print(f"cosine to the trained weights: {cosines(encoder, trained, quantised)}")


def export_fp32(encoder: LastHiddenState, path: pathlib.Path) -> None:
    """Batch and sequence stay dynamic; eager attention exports to plain operators."""
    ids = torch.randint(1000, 2000, (2, 9))
    mask = torch.ones_like(ids)
    mask[1, 6:] = 0
    torch.onnx.export(
        encoder,
        (ids, mask, torch.zeros_like(ids)),
        str(path),
        input_names=INPUTS,
        output_names=[OUTPUT],
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in [*INPUTS, OUTPUT]},
        opset_version=14,
        dynamo=False,
    )


def cosines(encoder: LastHiddenState, trained: pathlib.Path, quantised: pathlib.Path) -> list[float]:
    tokenizer = AutoTokenizer.from_pretrained(trained)
    session = onnxruntime.InferenceSession(str(quantised), providers=["CPUExecutionProvider"])
    found = []
    for text in SAMPLE:
        ids = np.array([tokenizer(text, truncation=True, max_length=MAX_TOKENS)["input_ids"]], dtype=np.int64)
        inputs = dict(zip(INPUTS, (ids, np.ones_like(ids), np.zeros_like(ids))))
        with torch.inference_mode():
            exact = encoder(**{name: torch.tensor(value) for name, value in inputs.items()}).numpy()[0].mean(0)
        rough = session.run(None, inputs)[0][0].mean(0)
        found.append(round(float(exact @ rough / np.linalg.norm(exact) / np.linalg.norm(rough)), 4))
    return found


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))
