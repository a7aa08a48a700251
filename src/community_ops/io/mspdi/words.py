"""The codes of MSPDI, and which of its elements are facts, which are results, and which say nothing.

Source: Microsoft, "XML Schema for the Project / Calendars / Tasks / Resources / Assignments Element", Project 2007.
"""

from __future__ import annotations

from collections.abc import Mapping

from community_ops.plan.records import Constraint, LinkType

NAMESPACE = "http://schemas.microsoft.com/project"
NAMESPACES = frozenset({NAMESPACE, f"{NAMESPACE}/2007"})
"""The namespaces of files: what programs write, and what the schema for Project 2007 names."""
UNASSIGNED = -65535
"""The resource of an assignment of nobody."""
NOBODY = 0
"""The resource that stands for none, and the task that stands for the project."""
LARGEST = 2**31 - 1
"""The largest UID that a program with 32 bits for it can hold."""

CONSTRAINTS: tuple[Constraint, ...] = ("ASAP", "ALAP", "MSO", "MFO", "SNET", "SNLT", "FNET", "FNLT")
"""The constraints by code."""
ENDS = frozenset({"MFO", "FNET", "FNLT"})
"""The constraints that hold a finish."""
LINKS: tuple[LinkType, ...] = ("FF", "FS", "SF", "SS")
"""The types of links by code."""
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""The days of the week by code, which counts from 1."""
FIXED_DURATION, FIXED_WORK = 1, 2
WORK_RESOURCE = 1


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


PROJECT_READ = _names(
    "UID Name Title Subject StartDate ScheduleFromStart CurrencyCode CalendarUID MinutesPerDay MinutesPerWeek "
    "DaysPerMonth Calendars Tasks Resources Assignments"
)
# How a program shows and calculates, and who saved the file when.
PROJECT_SETTINGS = _names(
    "SaveVersion BuildNumber GUID Author Manager Company Category CreationDate Revision LastSaved FinishDate "
    "FYStartDate CriticalSlackLimit CurrencyDigits CurrencySymbol CurrencySymbolPosition DefaultStartTime "
    "DefaultFinishTime DefaultTaskType DefaultFixedCostAccrual DefaultStandardRate DefaultOvertimeRate "
    "DurationFormat WorkFormat EditableActualCosts HonorConstraints EarnedValueMethod InsertedProjectsLikeSummary "
    "MultipleCriticalPaths NewTasksEffortDriven NewTasksEstimated SplitsInProgressTasks SpreadActualCost "
    "SpreadPercentComplete TaskUpdatesResource FiscalYearStart WeekStartDay MoveCompletedEndsBack "
    "MoveRemainingStartsBack MoveRemainingStartsForward MoveCompletedEndsForward BaselineForEarnedValue "
    "AutoAddNewResourcesAndTasks CurrentDate MicrosoftProjectServerURL Autolink NewTaskStartDate "
    "NewTasksAreManual DefaultTaskEVMethod ProjectExternallyEdited ExtendedCreationDate ActualsInSync "
    "RemoveFileProperties AdminProject UpdateManuallyScheduledTasksWhenEditingLinks "
    "KeepTaskOnNearestWorkingTimeWhenMadeAutoScheduled BaselineCalendar"
)
CALENDAR_READ = _names("UID Name IsBaseCalendar BaseCalendarUID WeekDays Exceptions")
CALENDAR_SETTINGS = _names("GUID IsBaselineCalendar")
EXCEPTION_READ = _names(
    "EnteredByOccurrences TimePeriod Occurrences Name Type Period DaysOfWeek MonthItem MonthPosition Month "
    "MonthDay DayWorking WorkingTimes"
)
TASK_READ = _names(
    "UID Name Active Manual ManualStart Type IsNull OutlineNumber OutlineLevel Start Duration DurationFormat Work "
    "Milestone FixedCost PercentComplete Cost ActualStart ActualFinish RemainingDuration ConstraintType "
    "CalendarUID ConstraintDate Deadline Notes PredecessorLink Estimated"
)
# What a scheduler works out from the rest, and how a program shows it.
TASK_RESULTS = _names(
    "GUID ID CreateDate WBS WBSLevel Priority Finish ManualFinish ManualDuration Stop Resume ResumeValid "
    "EffortDriven OverAllocated Summary DisplayAsSummary DisplayOnTimeline Critical EarlyStart EarlyFinish "
    "LateStart LateFinish StartVariance FinishVariance WorkVariance FreeSlack TotalSlack StartSlack FinishSlack "
    "FixedCostAccrual PercentWorkComplete ActualDuration RegularWork RemainingCost RemainingWork ACWP CV BCWS "
    "BCWP LevelAssignments LevelingCanSplit LevelingDelayFormat PreLeveledStart PreLeveledFinish HideBar Rollup "
    "EarnedValueMethod IsPublished StatusManager CommitmentType StartText FinishText DurationText"
)
LINK_READ = _names("PredecessorUID Type CrossProject LinkLag LagFormat")
RESOURCE_READ = _names("UID Name Type IsNull MaxUnits CalendarUID")
RESOURCE_RESULTS = _names(
    "GUID ID Initials WorkGroup PeakUnits OverAllocated Start Finish CanLevel AccrueAt Work RegularWork "
    "RemainingWork PercentWorkComplete StandardRateFormat OvertimeRateFormat Cost RemainingCost WorkVariance "
    "CostVariance SV CV ACWP BCWS BCWP IsGeneric IsInactive IsEnterprise BookingType ActiveDirectoryGUID "
    "CreationDate AvailabilityPeriods Rates"
)
ASSIGNMENT_READ = _names("UID TaskUID ResourceUID Units")
ASSIGNMENT_RESULTS = _names(
    "GUID PercentWorkComplete ActualStart ActualFinish ActualWork ACWP Confirmed Cost CostRateTable CostVariance "
    "CV Finish FinishVariance WorkVariance HasFixedRateUnits FixedMaterial LevelingDelayFormat LinkedFields "
    "Milestone Overallocated PeakUnits RegularWork RemainingCost RemainingWork ResponsePending Start Stop Resume "
    "StartVariance Summary SV UpdateNeeded VAC Work WorkContour BCWS BCWP BookingType CreationDate AssnOwner "
    "AssnOwnerGuid RateScale TimephasedData BudgetCost BudgetWork"
)
SILENT = frozenset({"", "0", "0.0", "0.00", "-1", "false", "NA", "PT0H0M0S"})
"""The values with which an element says no more than its absence would."""
DEFAULTS: Mapping[str, str] = {"IgnoreResourceCalendar": "1"}
