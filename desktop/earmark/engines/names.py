"""The models that come with the program, by their ids in the catalogue."""

LLM_ID = "smollm2-135m-instruct-q4_1"
EMBEDDING_ID = "all-minilm-l6-v2-q8_0"
SPEECH_ID = "earmark-sample-speech"
DETECTOR_ID = "silero-vad-16k"
