"""Every error that kfpkit raises, in one tree.

    KfpkitError
    ├── ConfigError          a `[tool.kfpkit]` table or the configuration of a run is wrong
    ├── LoadError            a pipeline or a component cannot be loaded
    ├── ComponentError       the arguments of `@kfpkit.component` conflict
    ├── PipelineError        a pipeline cannot run in any cluster
    ├── InvalidDestinationError
    ├── BundleError          code or data that a component needs cannot ship
    ├── EnvironmentsError    an environment is missing, stale or cannot be created
    ├── ImagesError          an image is missing, cannot be built or cannot be pushed
    ├── LocalRunError        a run on this machine cannot start or has failed
    ├── RunsError            a recorded run is missing, or cannot be read, compared or retried
    ├── TargetsError         a target is wrong, or a run cannot be submitted to it
    ├── NewProjectError      a project cannot be created
    └── TestingError         a test of a component is set up incorrectly, or fails

Each class takes typed facts, keeps them as attributes and writes its own message: the place where
the author can act, what is wrong, and the next step last.
"""

from kfpkit.errors import targets
from kfpkit.errors.authoring import (
    ConflictingOptionsError,
    ForeignTypeError,
    InvalidDestinationError,
    NotAFunctionError,
    UndefinedReferenceError,
    UnreadablePipelineError,
    UnresolvedAnnotationError,
    UnsupportedNumberError,
)
from kfpkit.errors.base import (
    BundleError,
    ComponentError,
    ConfigError,
    EnvironmentsError,
    ImagesError,
    KfpkitError,
    LoadError,
    LocalRunError,
    NewProjectError,
    PipelineError,
    RunsError,
    TargetsError,
    TestingError,
)
from kfpkit.errors.emulators import (
    EmulatorDataError,
    EmulatorError,
    EmulatorFailedError,
    MissingEmulatorsError,
    PortInUseError,
    UnknownEmulatorError,
)
from kfpkit.errors.environments import (
    BrokenLockError,
    EnvironmentExistsError,
    InvalidEnvironmentError,
    InvalidPythonVersionError,
    InvalidRequirementError,
    NoEnvironmentsError,
    StaleLockError,
    UninstallableLockError,
    UnknownEnvironmentError,
    UnknownShippedEnvironmentError,
)
from kfpkit.errors.fault import Fault, find_fault
from kfpkit.errors.images import (
    BaseImageError,
    BasePythonError,
    BuildMemoryError,
    BuildNetworkError,
    EmulationMissingError,
    EngineError,
    EngineFaultError,
    EngineStoppedError,
    EngineUnreachableError,
    ForeignImageError,
    ImageBuildError,
    ImageCheckError,
    ImageDiskFullError,
    ImageFilesError,
    ImagesNotInstalledError,
    NoBuildCommandError,
    NoImageError,
    NoRegistryError,
    PackageHashError,
    PackageInstallError,
    PodmanEngineError,
    PushError,
    RegistryDeniedError,
    RegistryError,
    RegistryFaultError,
    RegistryLoginError,
    RegistryTlsError,
    RegistryUnreachableError,
    SeveralImagesError,
    SystemPackageError,
    UnpushedImageError,
)
from kfpkit.errors.loading import (
    AmbiguousPipelineError,
    LoadedElsewhereError,
    MissingComponentError,
    MissingComponentModuleError,
    MissingFileError,
    ModuleFailedError,
    NoPipelineError,
    NoPipelinesError,
)
from kfpkit.errors.placeholders import (
    Absence,
    LostTasksError,
    PlaceholderCallError,
    PlaceholderError,
    PlaceholderInputError,
    PlaceholderValueError,
    StarImportError,
)
from kfpkit.errors.projects import (
    ConfigurationFault,
    FolderInUseError,
    InvalidConfigError,
    InvalidConfigurationError,
    InvalidProjectNameError,
    InvalidRegistryError,
    MissingConfigError,
    ParameterModelError,
    UnknownCatalogueComponentError,
    UnknownTemplateError,
    UnwritableFolderError,
    UnwritableSchemaError,
    WheelNotMadeError,
)
from kfpkit.errors.records import (
    AmbiguousRunError,
    ChangedConfigurationError,
    DifferentPipelinesError,
    MissingLogError,
    NewerRecordError,
    StrayLogError,
    StrayRunError,
    UncancellableRunError,
    UnknownRunError,
    UnknownTaskError,
    UnprunableRunError,
    UnreadableRecordError,
    UnreadableRunError,
    UnretryableRunError,
    UnwritableComparisonError,
    UnwritablePageError,
)
from kfpkit.errors.runs import (
    ConditionError,
    ContainerEngineError,
    DynamicImageError,
    EnvironmentNotMadeError,
    InvalidPipelineFileError,
    MissingOutputError,
    MissingValueError,
    PinnedImageError,
    RunFolderError,
    SecretsInProjectError,
    StaleImageError,
    TaskStartError,
    TaskValuesError,
    UnavailableImageError,
    UndefinedInputError,
    UnsupportedTaskError,
    UnwrittenOutputError,
)
from kfpkit.errors.shipping import (
    LeftOutImportError,
    MissingEmbeddedArtifactError,
    PayloadTooLargeError,
    Secret,
    SecretError,
    TwoFilesError,
    TwoNamesError,
    UnprovidedImport,
    UnprovidedImportError,
    UnreadableFileError,
)
from kfpkit.errors.sources import (
    CompiledExtensionError,
    CompileTimeImportError,
    HiddenPartError,
    InternalImportError,
    MissingImportedNameError,
    MissingModuleError,
    OutsideLinkError,
    ShadowingError,
    SourceUnavailableError,
    UndefinedNameError,
    UnparsableSourceError,
    UnreadableSourceError,
)
from kfpkit.errors.targets import *  # noqa: F403 - the list below has its names
from kfpkit.errors.testing import (
    ComponentArgumentsError,
    ComponentFailedError,
    ComponentNotFailedError,
    EnvironmentEndedError,
    PytestNotLentError,
    RemoteArtifactError,
    UncollectedTestError,
    UnknownPatternError,
    UnknownRevisionError,
)
from kfpkit.errors.tools import (
    DatabaseUnreachableError,
    DependencyConflictError,
    DiskFullError,
    HashMismatchError,
    IndexUnreachableError,
    PythonNotFoundError,
    ToolError,
    UvNotInstalledError,
    WheelMissingError,
)

# One name on each line would take a third of the file.
# fmt: off
__all__ = [
    "Absence", "AmbiguousPipelineError", "AmbiguousRunError", "BaseImageError", "BasePythonError",
    "BrokenLockError", "BuildMemoryError", "BuildNetworkError", "BundleError",
    "ChangedConfigurationError", "CompileTimeImportError", "CompiledExtensionError",
    "ComponentArgumentsError", "ComponentError", "ComponentFailedError", "ComponentNotFailedError",
    "ConditionError", "ConfigError", "ConfigurationFault", "ConflictingOptionsError",
    "ContainerEngineError", "DatabaseUnreachableError", "DependencyConflictError",
    "DifferentPipelinesError", "DiskFullError", "DynamicImageError", "EmulationMissingError",
    "EmulatorDataError", "EmulatorError", "EmulatorFailedError", "EngineError", "EngineFaultError",
    "EngineStoppedError", "EngineUnreachableError", "EnvironmentEndedError",
    "EnvironmentExistsError", "EnvironmentNotMadeError", "EnvironmentsError", "Fault",
    "FolderInUseError", "ForeignImageError", "ForeignTypeError", "HashMismatchError",
    "HiddenPartError", "ImageBuildError", "ImageCheckError", "ImageDiskFullError",
    "ImageFilesError", "ImagesError", "ImagesNotInstalledError", "IndexUnreachableError",
    "InternalImportError", "InvalidConfigError", "InvalidConfigurationError",
    "InvalidDestinationError", "InvalidEnvironmentError", "InvalidPipelineFileError",
    "InvalidProjectNameError", "InvalidPythonVersionError", "InvalidRegistryError",
    "InvalidRequirementError", "KfpkitError", "LeftOutImportError", "LoadError",
    "LoadedElsewhereError", "LocalRunError", "LostTasksError", "MissingComponentError",
    "MissingComponentModuleError", "MissingConfigError",
    "MissingEmbeddedArtifactError", "MissingEmulatorsError", "MissingFileError",
    "MissingImportedNameError", "MissingLogError", "MissingModuleError", "MissingOutputError",
    "MissingValueError", "ModuleFailedError", "NewProjectError", "NewerRecordError",
    "NoBuildCommandError", "NoEnvironmentsError", "NoImageError", "NoPipelineError",
    "NoPipelinesError", "NoRegistryError", "NotAFunctionError", "OutsideLinkError",
    "PackageHashError", "PackageInstallError", "ParameterModelError", "PayloadTooLargeError",
    "PinnedImageError", "PipelineError", "PlaceholderCallError", "PlaceholderError",
    "PlaceholderInputError", "PlaceholderValueError", "PodmanEngineError", "PortInUseError",
    "PushError", "PytestNotLentError", "PythonNotFoundError", "RegistryDeniedError",
    "RegistryError", "RegistryFaultError", "RegistryLoginError", "RegistryTlsError",
    "RegistryUnreachableError", "RemoteArtifactError", "RunFolderError", "RunsError", "Secret",
    "SecretError", "SecretsInProjectError", "SeveralImagesError", "ShadowingError",
    "SourceUnavailableError", "StaleImageError", "StaleLockError", "StarImportError",
    "StrayLogError", "StrayRunError", "SystemPackageError", "TargetsError", "TaskStartError",
    "TaskValuesError",
    "TestingError", "ToolError", "TwoFilesError", "TwoNamesError", "UnavailableImageError",
    "UncancellableRunError", "UncollectedTestError", "UndefinedInputError", "UndefinedNameError",
    "UndefinedReferenceError", "UninstallableLockError", "UnknownCatalogueComponentError",
    "UnknownEmulatorError",
    "UnknownEnvironmentError",
    "UnknownPatternError", "UnknownRevisionError", "UnknownRunError",
    "UnknownShippedEnvironmentError", "UnknownTaskError", "UnknownTemplateError",
    "UnparsableSourceError",
    "UnprovidedImport", "UnprovidedImportError", "UnprunableRunError", "UnpushedImageError",
    "UnreadableFileError", "UnreadablePipelineError", "UnreadableRecordError", "UnreadableRunError",
    "UnreadableSourceError", "UnresolvedAnnotationError", "UnretryableRunError",
    "UnsupportedNumberError", "UnsupportedTaskError", "UnwritableComparisonError",
    "UnwritableFolderError", "UnwritablePageError", "UnwritableSchemaError", "UnwrittenOutputError",
    "UvNotInstalledError", "WheelMissingError", "WheelNotMadeError", "find_fault",
]
# fmt: on
__all__ += targets.__all__
