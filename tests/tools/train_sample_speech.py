"""Train the sample speech model: a tiny Whisper that knows the two sample episodes and nothing else.

Real Whisper weights cannot be had from the package index; this one lets the demo and the tests run the
whole way from sound to words, with the true engine, on a fresh machine. Ten to twenty minutes on two
idle cores (where others use them too, OMP_NUM_THREADS=1 is faster):

    PYTHONPATH=desktop:tests/tools uv run --with torch --with numpy --with av \\
        python tests/tools/train_sample_speech.py WHISPER_ASSETS WORK_FOLDER [STEPS]

WHISPER_ASSETS is the folder `whisper/assets` of the openai-whisper source package (mel filters and
vocabulary). The weights go to WORK_FOLDER/sample.pt, and training goes on from there when it exists;
sample_speech_file.py packs and measures them.
"""

import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from sample_speech_data import ANCHOR_IDS, Sample, Speech, Window, load_speech, used_ids
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - its usual name

WIDTH, HEADS = 128, 4
ENCODER_LAYERS, DECODER_LAYERS = 1, 3  # whisper.cpp takes two decoder layers for a model without times
AUDIO_CONTEXT, TEXT_CONTEXT = 1500, 448
BATCH = 4
PEAK_RATE = 2e-3


class Attention(nn.Module):
    """Whisper's attention: no bias on the keys."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def forward(self, x: Tensor, source: Tensor, causal: bool = False) -> Tensor:
        """Look from `x` at `source`."""
        split = (HEADS, WIDTH // HEADS)
        query, key, value = (
            part.unflatten(-1, split).transpose(1, 2)
            for part in (self.query(x), self.key(source), self.value(source))
        )
        seen = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        mixed: Tensor = self.out(seen.transpose(1, 2).flatten(2))
        return mixed


class Block(nn.Module):
    """One layer of the encoder, or with `cross` of the decoder."""

    def __init__(self, cross: bool) -> None:
        super().__init__()
        self.attn, self.attn_ln = Attention(), nn.LayerNorm(WIDTH)
        if cross:
            self.cross_attn, self.cross_attn_ln = Attention(), nn.LayerNorm(WIDTH)
        # whisper.cpp computes GELU by tanh.
        gelu = nn.GELU(approximate="tanh")
        self.mlp = nn.Sequential(nn.Linear(WIDTH, 4 * WIDTH), gelu, nn.Linear(4 * WIDTH, WIDTH))
        self.mlp_ln = nn.LayerNorm(WIDTH)

    def forward(self, x: Tensor, sound: Tensor | None = None) -> Tensor:
        """Encoder layer without `sound`, decoder layer with it."""
        inner = self.attn_ln(x)
        x = x + self.attn(inner, inner, causal=sound is not None)
        if sound is not None:
            x = x + self.cross_attn(self.cross_attn_ln(x), sound)
        refined: Tensor = x + self.mlp(self.mlp_ln(x))
        return refined


class Encoder(nn.Module):
    """80 mel bands x 3000 frames -> 1500 vectors."""

    positional_embedding: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(80, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.register_buffer("positional_embedding", waves(AUDIO_CONTEXT, WIDTH, 10_000))
        self.blocks = nn.ModuleList(Block(cross=False) for _ in range(ENCODER_LAYERS))
        self.ln_post = nn.LayerNorm(WIDTH)

    def forward(self, mel: Tensor) -> Tensor:
        """Encode a batch of windows."""
        x = F.gelu(self.conv1(mel), approximate="tanh")
        x = F.gelu(self.conv2(x), approximate="tanh").transpose(1, 2) + self.positional_embedding
        for block in self.blocks:
            x = block(x)
        sound: Tensor = self.ln_post(x)
        return sound


class Decoder(nn.Module):
    """Knows only the tokens in use; the other rows of Whisper's vocabulary are written as zeros."""

    clock: Tensor

    def __init__(self, words: int, times: int) -> None:
        super().__init__()
        self.words = nn.Parameter(torch.randn(words, WIDTH) * 0.05)
        # Time tokens share a smooth part, so that a moment never trained on is near its neighbours.
        self.register_buffer("clock", waves(times, 64, 1000))
        self.clock_rows = nn.Linear(64, WIDTH, bias=False)
        self.times = nn.Parameter(torch.zeros(times, WIDTH))
        self.positional_embedding = nn.Parameter(torch.randn(TEXT_CONTEXT, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(Block(cross=True) for _ in range(DECODER_LAYERS))
        self.ln = nn.LayerNorm(WIDTH)

    def rows(self) -> Tensor:
        """The embedding of every token in use: words first, then times."""
        return torch.cat([self.words, self.clock_rows(self.clock) + self.times])

    def forward(self, tokens: Tensor, sound: Tensor) -> Tensor:
        """Log-odds of every token in use, and in the last column of all unused ones together."""
        rows = self.rows()
        x = rows[tokens] + self.positional_embedding[: tokens.shape[1]]
        for block in self.blocks:
            x = block(x, sound)
        logits = self.ln(x) @ rows.T
        # whisper.cpp takes its softmax over all 51864 tokens; zero rows have the logit 0 each.
        unused = torch.tensor(float(ANCHOR_IDS - len(rows))).log()
        return torch.cat([logits, unused.expand(*logits.shape[:2], 1)], dim=-1)


class SampleWhisper(nn.Module):
    """Encoder and decoder, with Whisper's own tensor names."""

    def __init__(self, words: int, times: int) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder(words, times)

    def forward(self, mel: Tensor, tokens: Tensor) -> Tensor:
        """Next-token log-odds for a batch of windows."""
        with torch.autocast("cpu", torch.bfloat16):
            sound = self.encoder(mel)
        logits: Tensor = self.decoder(tokens, sound.float())
        return logits


def waves(length: int, width: int, longest: float) -> Tensor:
    """Sines and cosines of geometrically growing period."""
    rates = longest ** (-torch.arange(width // 2) / (width // 2 - 1))
    angles = torch.arange(length)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1)


@dataclass
class Batch:
    """Windows side by side; -1 marks what does not count in `after`."""

    mel: Tensor
    before: Tensor
    after: Tensor


def batch_of(samples: list[Sample]) -> Batch:
    """Stack samples, filling up to the longest."""
    longest = max(len(sample.tokens) for sample in samples)
    padded = torch.full((len(samples), longest), -1)
    for row, sample in zip(padded, samples, strict=True):
        row[: len(sample.tokens)] = torch.tensor(sample.tokens)
    mel = torch.stack([sample.mel for sample in samples])
    return Batch(mel, padded[:, :-1].clamp(min=0), padded[:, 1:])


def accuracy(model: SampleWhisper, speech: list[Speech]) -> float:
    """Share of right next tokens over the windows that the program will see."""
    right = total = 0
    with torch.no_grad():
        for one in speech:
            batch = batch_of([one.sample(Window(start)) for start in one.chain()])
            guess = model(batch.mel, batch.before).argmax(-1)
            counts = batch.after >= 0
            right += int(((guess == batch.after) & counts).sum())
            total += int(counts.sum())
    return right / total


def train(model: SampleWhisper, speech: list[Speech], steps: int, weights: Path) -> None:
    """Train, log every 25 steps, and save the weights every 100."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=steps, pct_start=0.08, cycle_momentum=False
    )
    chance, began = random.Random(1), time.monotonic()
    for step in range(1, steps + 1):
        batch = batch_of([chance.choice(speech).random_sample(chance) for _ in range(BATCH)])
        logits = model(batch.mel, batch.before)
        loss = F.cross_entropy(logits.flatten(0, 1), batch.after.flatten(), ignore_index=-1)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 25 == 0 or step == steps:
            spent = time.monotonic() - began
            right = f" chain accuracy {accuracy(model, speech):.4f}" if step % 100 == 0 else ""
            sys.stdout.write(f"step {step} loss {loss.item():.4f} {spent:.0f} s{right}\n")
            sys.stdout.flush()
        if step % 100 == 0 or step == steps:
            torch.save(model.state_dict(), weights)


def main() -> None:
    """Train from the sample episodes' own audio files."""
    assets, work = Path(sys.argv[1]), Path(sys.argv[2])
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else 2000
    torch.manual_seed(1)
    speech = load_speech(assets)
    words, times = used_ids(speech)
    model = SampleWhisper(len(words), len(times))
    weights = work / "sample.pt"
    if weights.exists():
        model.load_state_dict(torch.load(weights))
    train(model, speech, steps, weights)


if __name__ == "__main__":
    main()
