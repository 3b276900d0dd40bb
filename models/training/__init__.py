"""How the embedded model was made: corpus to token ids, training, export, evaluation, model card.

`python -m models.training --help` lists the steps; `models/training/README.md` explains them.
"""
