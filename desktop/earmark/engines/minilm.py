"""all-MiniLM-L6-v2 from its published weights to llama.cpp's format, once; the result is 25 MB.

The architecture is BERT with mean pooling. llama.cpp marks the start of a word with U+2581 where WordPiece
marks its continuation with "##".
"""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import gguf
import numpy as np
from gguf.constants import GGMLQuantizationType
from safetensors import safe_open

_LAYER = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
_EMBEDDINGS = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm.weight": "token_embd_norm.weight",
    "embeddings.LayerNorm.bias": "token_embd_norm.bias",
}
_SMALL = ("position_embd.weight", "token_types.weight")
_ROWS_AT_ONCE = 2048
_NORMAL, _CONTROL, _UNUSED = 1, 3, 5


def convert(folder: Path, target: Path) -> None:
    """Write `target` from the model.safetensors, config.json and vocab.txt in `folder`.

    Not atomic: give it a name of its own and rename the result.
    """
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    words = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    words = words[: config["vocab_size"]]
    with closing(gguf.GGUFWriter(target, "bert")) as writer:
        _describe(writer, config)
        _vocabulary(writer, words)
        weights = folder / "model.safetensors"
        for published, name in _tensors(weights):
            _add(writer, weights, published, name)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()


def tensor_name(published: str) -> str | None:
    """llama.cpp's name for a published tensor; None for one that pooling does not need.

    >>> tensor_name("encoder.layer.3.attention.self.query.weight")
    'blk.3.attn_q.weight'
    """
    if published in _EMBEDDINGS:
        return _EMBEDDINGS[published]
    parts = published.split(".")
    if parts[:2] != ["encoder", "layer"]:
        return None
    return f"blk.{parts[2]}.{_LAYER['.'.join(parts[3:-1])]}.{parts[-1]}"


def llama_word(word: str) -> str:
    """A WordPiece entry as llama.cpp spells it.

    >>> llama_word("##ing"), llama_word("cat"), llama_word("[CLS]")
    ('ing', '▁cat', '[CLS]')
    """
    if word.startswith("[") and word.endswith("]") and len(word) > 2:
        return word
    return word[2:] if word.startswith("##") else "\u2581" + word


def _describe(writer: "gguf.GGUFWriter", config: dict[str, int]) -> None:
    writer.add_name("all-MiniLM-L6-v2")
    writer.add_license("apache-2.0")
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)


def _vocabulary(writer: "gguf.GGUFWriter", words: list[str]) -> None:
    ids = {word: number for number, word in enumerate(words)}
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([llama_word(word) for word in words])
    writer.add_token_types([_kind(word) for word in words])
    writer.add_token_type_count(2)
    writer.add_bos_token_id(ids["[CLS]"])
    writer.add_eos_token_id(ids["[SEP]"])
    writer.add_sep_token_id(ids["[SEP]"])
    writer.add_unk_token_id(ids["[UNK]"])
    writer.add_pad_token_id(ids["[PAD]"])
    writer.add_mask_token_id(ids["[MASK]"])
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(True)


def _kind(word: str) -> int:
    if word.startswith("[unused"):
        return _UNUSED
    return _CONTROL if word in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]") else _NORMAL


def _tensors(weights: Path) -> Iterator[tuple[str, str]]:
    """The names of the tensors that are needed: as published, and llama.cpp's."""
    with safe_open(weights, framework="numpy") as file:
        published = sorted(file.keys())
    for each in published:
        if (name := tensor_name(each)) is not None:
            yield each, name


def _add(writer: "gguf.GGUFWriter", weights: Path, published: str, name: str) -> None:
    """Add a tensor, read some rows at a time: the largest one as a whole takes 170 MB to be packed."""
    with safe_open(weights, framework="numpy") as file:
        shape = file.get_slice(published).get_shape()
    packs = len(shape) > 1 and name not in _SMALL
    blocks = []
    for first in range(0, shape[0], _ROWS_AT_ONCE):
        end = min(first + _ROWS_AT_ONCE, shape[0])
        with safe_open(weights, framework="numpy") as file:  # what was read is let go of with the file
            values = file.get_slice(published)[first:end].astype(np.float32)
        blocks.append(gguf.quants.quantize(values, GGMLQuantizationType.Q8_0) if packs else values)
    raw_dtype = GGMLQuantizationType.Q8_0 if packs else None
    writer.add_tensor(name, np.concatenate(blocks), raw_dtype=raw_dtype)
