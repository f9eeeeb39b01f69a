"""Random weights in the shape of a real language model, in GGUF form: to know memory and speed.

What such a model says is nonsense; what it takes is not. The vocabulary is that of the starter model, filled
up with words that nobody says.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter, LlamaFileType
from gguf.quants import quantize

_KINDS = {
    "f16": (GGMLQuantizationType.F16, LlamaFileType.MOSTLY_F16),
    "q4_0": (GGMLQuantizationType.Q4_0, LlamaFileType.MOSTLY_Q4_0),
    "q8_0": (GGMLQuantizationType.Q8_0, LlamaFileType.MOSTLY_Q8_0),
}


@dataclass(frozen=True)
class LanguageSize:
    """The figures of a model's public config.json."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    inner: int
    vocabulary: int


LANGUAGE_SIZES = {
    "toy": LanguageSize(2, 64, 2, 1, 128, 49_152),
    "0.5b": LanguageSize(24, 896, 14, 2, 4864, 151_936),  # as Qwen/Qwen2.5-0.5B-Instruct
    "1.5b": LanguageSize(28, 1536, 12, 2, 8960, 151_936),  # as Qwen/Qwen2.5-1.5B-Instruct
    "1.7b": LanguageSize(24, 2048, 32, 32, 8192, 49_152),  # as HuggingFaceTB/SmolLM2-1.7B-Instruct
}


def write_random_language_model(
    size: LanguageSize, form: str, starter: Path, target: Path, seed: int = 5
) -> None:
    """Write `target`; `starter` is the starter model, whose vocabulary is taken."""
    random = np.random.default_rng(seed)
    kind, file_type = _KINDS[form]
    out = GGUFWriter(target, "llama")
    out.add_context_length(8192)
    out.add_embedding_length(size.width)
    out.add_block_count(size.layers)
    out.add_feed_forward_length(size.inner)
    out.add_head_count(size.heads)
    out.add_head_count_kv(size.kv_heads)
    out.add_rope_dimension_count(size.width // size.heads)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_file_type(file_type)
    _vocabulary(GGUFReader(starter), out, size.vocabulary)
    for name, shape in _tensors(size):
        spread = 1 / np.sqrt(shape[-1])
        values = random.standard_normal(shape, dtype=np.float32) * np.float32(spread)
        if len(shape) == 1:
            out.add_tensor(name, np.ones(shape, dtype=np.float32))
        else:
            out.add_tensor(name, quantize(values, kind), raw_dtype=kind)
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


def _vocabulary(starter: GGUFReader, out: GGUFWriter, wanted: int) -> None:
    fields = {
        name: starter.fields[f"tokenizer.ggml.{name}"].contents()
        for name in ("model", "pre", "tokens", "token_type", "merges", "bos_token_id", "eos_token_id")
    }
    more = range(wanted - len(fields["tokens"]))
    out.add_tokenizer_model(fields["model"])
    out.add_tokenizer_pre(fields["pre"])
    out.add_token_list([*fields["tokens"], *(f"<nobody says {number}>" for number in more)])
    out.add_token_types([*fields["token_type"], *(5 for _ in more)])
    out.add_token_merges(fields["merges"])
    out.add_bos_token_id(fields["bos_token_id"])
    out.add_eos_token_id(fields["eos_token_id"])


def _tensors(size: LanguageSize) -> list[tuple[str, tuple[int, ...]]]:
    kv = size.width // size.heads * size.kv_heads
    found: list[tuple[str, tuple[int, ...]]] = [
        ("token_embd.weight", (size.vocabulary, size.width)),
        ("output_norm.weight", (size.width,)),
    ]
    for number in range(size.layers):
        block = f"blk.{number}"
        found += [
            (f"{block}.attn_norm.weight", (size.width,)),
            (f"{block}.ffn_norm.weight", (size.width,)),
            (f"{block}.attn_q.weight", (size.width, size.width)),
            (f"{block}.attn_k.weight", (kv, size.width)),
            (f"{block}.attn_v.weight", (kv, size.width)),
            (f"{block}.attn_output.weight", (size.width, size.width)),
            (f"{block}.ffn_gate.weight", (size.inner, size.width)),
            (f"{block}.ffn_up.weight", (size.inner, size.width)),
            (f"{block}.ffn_down.weight", (size.width, size.inner)),
        ]
    return found
